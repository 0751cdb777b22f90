settings = {
  ra = "Disabled"
  ra = "Disabled"
}
