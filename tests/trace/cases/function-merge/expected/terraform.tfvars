overrides = {
  root_access = "Disabled"
}
