"""Catalogue files: their parts, how they are read with line numbers, how they are written. No tables here."""
