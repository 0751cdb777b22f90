settings = {
  root_access = "Disabled"
}
