"""What stands before Django: visitors' documents from memory, everything else handed on.

See docs/edge.md.
"""
