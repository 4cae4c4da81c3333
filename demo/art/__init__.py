"""Drawn product pictures: from a seed and an index to one SVG, always the same bytes, no two alike.

A picture is a *design* (which kind, scene, pattern and hue an index stands for), painted with a *palette* and drawn as a
*form*. Sixteen kinds, twelve scenes and ten patterns; nothing is random and nothing is read from a file.
"""
