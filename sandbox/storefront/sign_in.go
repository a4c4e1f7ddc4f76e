package storefront

// signInForm is what the forms of /sign-in and /reset-password start with.
type signInForm struct {
	// Token is that of the link; empty without one. Email is what was typed.
	Token, Email string
	// Mailed is true once a mail was asked for.
	Mailed bool
}

func (v *visit) form() signInForm {
	return signInForm{Token: v.field("token"), Email: v.field("email")}
}

func (v *visit) showSignIn() error { return v.show(v.form()) }
func (v *visit) showReset() error  { return v.show(v.form()) }

// doSignIn is POST /sign-in: with the token of a link or with a password, or it asks for a link.
func (v *visit) doSignIn() error {
	form := v.form()
	var opened session
	var err error
	switch {
	case form.Token != "":
		err = v.post("/v1/auth/sign-in", map[string]string{"token": form.Token}, &opened)
	case v.field("ask") == "link":
		return v.mail("/v1/auth/sign-in-link", form)
	default:
		err = v.post("/v1/auth/login", map[string]string{"email": form.Email, "password": v.r.FormValue("password")}, &opened)
	}
	if err != nil {
		return err
	}
	v.signIn(opened)
	return v.leave(v.to())
}

// doReset is POST /reset-password: it sets the password, or asks for a link.
func (v *visit) doReset() error {
	form := v.form()
	if form.Token == "" {
		return v.mail("/v1/auth/password-reset", form)
	}
	var opened session
	err := v.post("/v1/auth/password-reset/confirm", map[string]string{"token": form.Token, "password": v.r.FormValue("password")}, &opened)
	if err != nil {
		return err
	}
	v.signIn(opened)
	return v.leave("/")
}

// mail asks for a mail with a link. The answer does not say whether the address is known.
func (v *visit) mail(path string, form signInForm) error {
	if err := v.post(path, map[string]string{"email": form.Email}, nil); err != nil {
		return err
	}
	form.Mailed = true
	return v.show(form)
}

// doSignOut is POST /sign-out: it ends the session, and forgets it also where the shop does not answer.
func (v *visit) doSignOut() error {
	if c, err := v.r.Cookie(ending); err == nil {
		_ = v.post("/v1/auth/logout", map[string]string{"refresh_token": c.Value}, nil)
	}
	v.signOut()
	return v.leave("/")
}
