"""The interactive half: from a guide and a document to forms, panels and saved answers. It ends at the document."""
