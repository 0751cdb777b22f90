//! Where and how a change is put into the text.
