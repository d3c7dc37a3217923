"""Names of places and actors in English and Arabic, no two of which sound alike."""

from collections.abc import Iterator
from itertools import product

# Consonants of classes that no transliteration exchanges, in both scripts; vowels stand between them.
CONSONANTS = [
    ("b", "ب"), ("d", "د"), ("r", "ر"), ("s", "س"), ("sh", "ش"), ("f", "ف"), ("k", "ك"), ("l", "ل"), ("m", "م"),
    ("n", "ن"), ("z", "ز"), ("j", "ج"),
]  # fmt: skip
VOWELS = [("a", "ا"), ("i", "ي"), ("u", "و")]


def names(letters: int) -> Iterator[tuple[str, str]]:
    """Names of so many consonants, English and Arabic, without end in practice."""
    # The last consonant changes first; a stride mixes them, so that neighbours are not one letter apart.
    roots = list(product(range(len(CONSONANTS)), repeat=letters))
    for step in range(len(roots)):
        root = roots[step * 7_919 % len(roots)]
        yield spelled(root, 0).capitalize(), spelled(root, 1)


def spelled(root: tuple[int, ...], script: int) -> str:
    """The name of a root in one script."""
    letters = [CONSONANTS[number][script] for number in root]
    vowels = [VOWELS[(number + place) % len(VOWELS)][script] for place, number in enumerate(root)]
    return "".join(letter + vowel for letter, vowel in zip(letters[:-1], vowels, strict=False)) + letters[-1]
