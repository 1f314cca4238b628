"""What all pages share: layout, languages, colours, signing in, assets, errors as pages."""
