inputs = {
  root_access = "Disabled"
}
