"""The Isnad project: its settings, its roof, and the floor that its apps stand on."""
