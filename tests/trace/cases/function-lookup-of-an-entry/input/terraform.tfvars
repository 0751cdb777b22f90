settings = {
  root_access = "Enabled"
}
