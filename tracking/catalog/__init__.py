"""Products and variants as the shop describes them, every version with the position that brought it."""
