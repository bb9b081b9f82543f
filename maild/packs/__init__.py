"""Regulations that can be had ready: each folder here is a pack, which `maild init --regulation` writes out."""
