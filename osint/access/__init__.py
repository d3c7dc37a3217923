"""Tokens: what programs identify themselves with, and what each of them may be used for."""
