"""The demo: two invented schools, eight weeks of their life, and the sandbox open on top of it."""
