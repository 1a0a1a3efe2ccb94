"""Questions as functions on tidy frames: frame in, small frozen result out. Knows only core."""
