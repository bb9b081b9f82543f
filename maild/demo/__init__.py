"""The demo: the real daemon in a scripted conversation, on IMAP and SMTP servers that it starts on this machine."""
