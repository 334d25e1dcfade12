//! Alerts as subject, text, HTML and JSON.
