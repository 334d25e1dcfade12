//! The status server: /healthz, /metrics and a page.
