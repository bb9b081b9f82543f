"""Instants, durations and numbers as people say them in Russian, Ukrainian and English. The only room that imports babel."""
