"""Post-incident reviews: asked for, written, approved, published."""
