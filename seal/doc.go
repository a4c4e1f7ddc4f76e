// Package seal keeps secrets that must be read again: provisioned passwords,
// auth codes, credentials of an upstream. They are encrypted under the app's
// secret key, and the key can be changed without losing what the old one sealed.
//
// It does not own secrets that need only be compared: passwords and tokens are
// hashed where they are used.
package seal
