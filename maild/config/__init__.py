"""The configuration: TOML files in, one frozen `Config` out, or every problem at once."""
