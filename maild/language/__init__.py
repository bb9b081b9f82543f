"""Words of people: tokens, the forms of a word in Russian, Ukrainian and English, phrases, patterns. Pure; knows nothing of mail."""
