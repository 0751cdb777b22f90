notebooks = {
  ads = {
    root_access = "Disabled"
  }
  risk = {
    root_access = "Disabled"
    size        = 50
  }
}
