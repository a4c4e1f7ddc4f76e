package api

import (
	"context"
	"net/http"

	"hostfront/account"
)

// TokensAnswer is a customer's session: a short bearer token and the refresh
// token that the next one is had for.
type TokensAnswer struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token" doc:"Works once; using it again revokes the whole session"`
	ExpiresIn    int64  `json:"expires_in" doc:"Seconds that the access token holds"`
	TokenType    string `json:"token_type" enum:"Bearer"`
}

// SessionAnswer is a session and whose it is.
type SessionAnswer struct {
	TokensAnswer
	Customer CustomerAnswer `json:"customer"`
}

// RegistrationBody opens an account. Without a password the customer signs in by
// a link in a mail.
type RegistrationBody struct {
	Email     string `json:"email" format:"email" maxLength:"254"`
	Password  string `json:"password,omitempty" minLength:"10" maxLength:"256"`
	FirstName string `json:"first_name" minLength:"1" maxLength:"100"`
	LastName  string `json:"last_name" minLength:"1" maxLength:"100"`
	Country   string `json:"country" pattern:"^[A-Za-z]{2}$" doc:"ISO 3166-1 alpha-2"`
	AddressFields
	Company string `json:"company,omitempty" maxLength:"200"`
	VATID   string `json:"vat_id,omitempty" maxLength:"20" doc:"VAT is charged until the number is confirmed"`
	Phone   string `json:"phone,omitempty" maxLength:"20" doc:"E.164: +31201234567"`
	Locale  string `json:"locale,omitempty" maxLength:"10"`
}

// AddressFields are a postal address.
type AddressFields struct {
	Street   string `json:"street,omitempty" maxLength:"200"`
	Number   string `json:"number,omitempty" maxLength:"20"`
	Postcode string `json:"postcode,omitempty" maxLength:"20"`
	City     string `json:"city,omitempty" maxLength:"100"`
}

type registerInput struct {
	Body RegistrationBody
}

type loginInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"256"`
	}
}

type refreshInput struct {
	Body struct {
		RefreshToken string `json:"refresh_token" maxLength:"200"`
	}
}

type mailLinkInput struct {
	Body struct {
		Email string `json:"email" maxLength:"254"`
	}
}

type resetInput struct {
	Body struct {
		Token    string `json:"token" maxLength:"200"`
		Password string `json:"password" minLength:"10" maxLength:"256"`
	}
}

type signInInput struct {
	Body struct {
		Token string `json:"token" maxLength:"200"`
	}
}

// authRoutes are how a customer comes in and goes out.
func (s *Server) authRoutes() {
	handle(s, operation{ID: "register", Method: http.MethodPost, Path: "/v1/auth/register", Tag: "Sign in",
		Summary: "Open an account", Status: http.StatusCreated}, s.register)
	handle(s, operation{ID: "login", Method: http.MethodPost, Path: "/v1/auth/login", Tag: "Sign in",
		Summary: "Sign in with a password"}, s.login)
	handle(s, operation{ID: "token", Method: http.MethodPost, Path: "/v1/auth/token", Tag: "Sign in",
		Summary: "Exchange a refresh token for a new session"}, s.refresh)
	handle(s, operation{ID: "logout", Method: http.MethodPost, Path: "/v1/auth/logout", Tag: "Sign in",
		Summary: "End this session", Status: http.StatusNoContent}, s.logout)
	handle(s, operation{ID: "revoke", Method: http.MethodPost, Path: "/v1/auth/revoke", Tag: "Sign in", Access: customer,
		Summary: "End every session of the customer", Status: http.StatusNoContent}, s.revoke)
	handle(s, operation{ID: "request-password-reset", Method: http.MethodPost, Path: "/v1/auth/password-reset", Tag: "Sign in",
		Summary: "Mail a link to set a new password; the answer is the same whether or not the address is known",
		Status:  http.StatusAccepted}, s.requestReset)
	handle(s, operation{ID: "reset-password", Method: http.MethodPost, Path: "/v1/auth/password-reset/confirm", Tag: "Sign in",
		Summary: "Set a new password with the token of a mail; every former session ends"}, s.reset)
	handle(s, operation{ID: "request-sign-in-link", Method: http.MethodPost, Path: "/v1/auth/sign-in-link", Tag: "Sign in",
		Summary: "Mail a link to sign in with; the answer is the same whether or not the address is known",
		Status:  http.StatusAccepted}, s.requestSignIn)
	handle(s, operation{ID: "sign-in", Method: http.MethodPost, Path: "/v1/auth/sign-in", Tag: "Sign in",
		Summary: "Sign in with the token of a mail"}, s.signIn)
}

// register is POST /v1/auth/register.
func (s *Server) register(ctx context.Context, in *registerInput) (*body[SessionAnswer], error) {
	b := in.Body
	tokens, who, err := s.cfg.Accounts.Register(ctx, account.Registration{
		Address: peer(ctx), Email: b.Email, Password: b.Password, FirstName: b.FirstName, LastName: b.LastName, Company: b.Company,
		Country: b.Country, Street: b.Street, Number: b.Number, Postcode: b.Postcode, City: b.City,
		Phone: b.Phone, VATID: b.VATID, Locale: b.Locale,
	})
	return sessionBody(tokens, who, err)
}

// login is POST /v1/auth/login.
func (s *Server) login(ctx context.Context, in *loginInput) (*body[SessionAnswer], error) {
	tokens, who, err := s.cfg.Accounts.Login(ctx, in.Body.Email, in.Body.Password, peer(ctx))
	return sessionBody(tokens, who, err)
}

// refresh is POST /v1/auth/token.
func (s *Server) refresh(ctx context.Context, in *refreshInput) (*body[TokensAnswer], error) {
	tokens, err := s.cfg.Accounts.Refresh(ctx, in.Body.RefreshToken)
	if err != nil {
		return nil, err
	}
	return &body[TokensAnswer]{tokensAnswer(tokens)}, nil
}

// logout is POST /v1/auth/logout.
func (s *Server) logout(ctx context.Context, in *refreshInput) (*struct{}, error) {
	return nil, s.cfg.Accounts.Logout(ctx, in.Body.RefreshToken)
}

// revoke is POST /v1/auth/revoke.
func (s *Server) revoke(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, s.cfg.Accounts.RevokeAll(ctx, customerID(ctx))
}

// requestReset is POST /v1/auth/password-reset.
func (s *Server) requestReset(ctx context.Context, in *mailLinkInput) (*struct{}, error) {
	return nil, s.cfg.Accounts.RequestReset(ctx, in.Body.Email, peer(ctx))
}

// reset is POST /v1/auth/password-reset/confirm.
func (s *Server) reset(ctx context.Context, in *resetInput) (*body[SessionAnswer], error) {
	tokens, who, err := s.cfg.Accounts.Reset(ctx, in.Body.Token, in.Body.Password, peer(ctx))
	return sessionBody(tokens, who, err)
}

// requestSignIn is POST /v1/auth/sign-in-link.
func (s *Server) requestSignIn(ctx context.Context, in *mailLinkInput) (*struct{}, error) {
	return nil, s.cfg.Accounts.RequestSignIn(ctx, in.Body.Email, peer(ctx))
}

// signIn is POST /v1/auth/sign-in.
func (s *Server) signIn(ctx context.Context, in *signInInput) (*body[SessionAnswer], error) {
	tokens, who, err := s.cfg.Accounts.SignIn(ctx, in.Body.Token, peer(ctx))
	return sessionBody(tokens, who, err)
}

func sessionBody(t account.Tokens, who account.Customer, err error) (*body[SessionAnswer], error) {
	if err != nil {
		return nil, err
	}
	return &body[SessionAnswer]{SessionAnswer{tokensAnswer(t), customerAnswer(who)}}, nil
}

func tokensAnswer(t account.Tokens) TokensAnswer {
	return TokensAnswer{
		AccessToken: t.AccessToken, RefreshToken: t.RefreshToken,
		ExpiresIn: int64(t.ExpiresIn.Seconds()), TokenType: "Bearer",
	}
}
