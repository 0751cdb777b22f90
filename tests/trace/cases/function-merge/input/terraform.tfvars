overrides = {
  root_access = "Enabled"
}
