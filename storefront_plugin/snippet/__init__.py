"""The script of the shop's pages: `source/` is written by hand, `built/` is what the server hands out (`npm run build`)."""
