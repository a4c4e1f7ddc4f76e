package app

import (
	"log/slog"
	"os"
)

// logger is where the shop logs: JSON lines on standard error.
func logger(c Config, o Options) *slog.Logger {
	if o.Log != nil {
		return o.Log
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}
