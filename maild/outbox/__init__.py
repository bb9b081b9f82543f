"""Letters on their way out: worded, composed, queued with the change that caused them, sent, retried."""
