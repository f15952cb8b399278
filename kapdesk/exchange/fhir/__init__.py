"""A visit as a FHIR R4B document: plain JSON, made from the record."""
