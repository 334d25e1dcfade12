//! Tests of shape.
