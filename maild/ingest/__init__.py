"""Letters on their way in: sources that find them, and the pure steps that read them."""
