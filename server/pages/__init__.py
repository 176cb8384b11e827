"""The pages for people: one module, one template and, where it needs one, one style sheet each."""
