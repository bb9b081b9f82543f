"""How a text is written (C16): abuse, threats, capitals, transliteration and the rest, each with its evidence. Pure."""
