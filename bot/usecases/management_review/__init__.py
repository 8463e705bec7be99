"""Management reviews: inputs drawn from records, decisions that become actions, minutes that are frozen."""
