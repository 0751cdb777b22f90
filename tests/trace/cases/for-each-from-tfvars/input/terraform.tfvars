notebooks = {
  ads = {
    root_access = "Enabled"
  }
  risk = {
    root_access = "Disabled"
    size        = 50
  }
}
