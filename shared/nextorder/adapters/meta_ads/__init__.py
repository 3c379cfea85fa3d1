"""Meta's Marketing API, which takes custom audiences of hashed people and what each is worth."""
