"""What shows that a request has what a checklist asks for: steps, a version, a contact, a screenshot. Pure."""
