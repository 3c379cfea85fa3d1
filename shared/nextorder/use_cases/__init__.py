"""One module a verb; every use case may be repeated safely."""
