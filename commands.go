package main

import (
	"context"
	"fmt"
	"os"

	"hostfront/app"
	"hostfront/app/demo"
)

// commands is the command line. Each command that touches a shop embeds the
// settings, so that every flag works with every one of them.
type commands struct {
	Serve   serveCommand   `cmd:"" help:"Run the shop."`
	Demo    demoCommand    `cmd:"" help:"Run a whole shop with stand-ins for the outside world; needs nothing."`
	Sync    syncCommand    `cmd:"" help:"Mirror the upstream's catalogue now."`
	Migrate migrateCommand `cmd:"" help:"Bring the database to this version; makes a backup first."`
	Backup  backupCommand  `cmd:"" help:"Write a verified copy of a live SQLite database."`
	Restore restoreCommand `cmd:"" help:"Put a backup in the place of the database."`
	Audit   auditCommand   `cmd:"" help:"Check every invariant on a live database; fails when a row breaks one."`
	Doctor  doctorCommand  `cmd:"" help:"Check keys, reachability, database and prices, and say what to do about each."`
	Admin   adminCommands  `cmd:"" help:"Staff."`
	Openapi openapiCommand `cmd:"" help:"Print the OpenAPI document."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

type serveCommand struct {
	app.Config `embed:""`
}

func (c *serveCommand) Run(ctx context.Context) error { return app.Serve(ctx, c.Config, os.Stderr) }

type demoCommand struct {
	Tour   bool   `help:"Walk the whole road once, print each step, and end."`
	Dir    string `help:"Keep the demo's data in this folder; a temporary one when empty." type:"path"`
	Listen string `help:"Address to listen on." default:"127.0.0.1:8080"`
}

func (c *demoCommand) Run(ctx context.Context) error {
	if c.Tour {
		return demo.Tour(ctx, demo.Options{Dir: c.Dir, Listen: "127.0.0.1:0", Out: os.Stdout})
	}
	return demo.Run(ctx, demo.Options{Dir: c.Dir, Listen: c.Listen, Out: os.Stdout})
}

type syncCommand struct {
	app.Config `embed:""`
}

func (c *syncCommand) Run(ctx context.Context) error { return app.Sync(ctx, c.Config, os.Stdout) }

type migrateCommand struct {
	app.Config `embed:""`
}

func (c *migrateCommand) Run(ctx context.Context) error { return app.Migrate(ctx, c.Config, os.Stdout) }

type backupCommand struct {
	app.Config `embed:""`
	To         string `arg:"" optional:"" help:"File to write; when empty one in HOSTFRONT_BACKUP_FOLDER, or a dated one beside the database." type:"path"`
}

func (c *backupCommand) Run(ctx context.Context) error {
	return app.Backup(ctx, c.Config, c.To, os.Stdout)
}

type restoreCommand struct {
	app.Config `embed:""`
	From       string `arg:"" help:"The backup." type:"existingfile"`
	Overwrite  bool   `aliases:"force" help:"Replace a database that is there (also --force); it is kept beside, under another name."`
}

func (c *restoreCommand) Run(ctx context.Context) error {
	return app.Restore(ctx, c.Config, app.RestoreOptions{From: c.From, Overwrite: c.Overwrite, Out: os.Stdout})
}

type auditCommand struct {
	app.Config `embed:""`
}

func (c *auditCommand) Run(ctx context.Context) error { return app.Audit(ctx, c.Config, os.Stdout) }

type doctorCommand struct {
	app.Config `embed:""`
	LJPCOrder  string `name:"ljpc-order" help:"Number of an order at LJPc to read, best one of hosting that is delivered; the shop's last one when empty."`
}

func (c *doctorCommand) Run(ctx context.Context) error {
	return app.Doctor(ctx, c.Config, app.DoctorOptions{Order: c.LJPCOrder, Out: os.Stdout})
}

type adminCommands struct {
	Create adminCreateCommand `cmd:"" help:"Create an account for staff and print its token, once."`
}

type adminCreateCommand struct {
	app.Config `embed:""`
	Email      string `required:"" help:"Who it is for."`
	Role       string `help:"What it may do." default:"owner" enum:"owner,staff"`
}

func (c *adminCreateCommand) Run(ctx context.Context) error {
	return app.CreateAdmin(ctx, c.Config, app.NewAdmin{Email: c.Email, Role: c.Role, Out: os.Stdout})
}

type openapiCommand struct{}

func (c *openapiCommand) Run(ctx context.Context) error { return app.OpenAPI(ctx, os.Stdout) }

type versionCommand struct{}

func (c *versionCommand) Run() error {
	_, err := fmt.Println("hostfront", app.Version())
	return err
}
