variable "notebooks" {
  type    = map(string)
  default = {
    ads  = "Disabled"
    risk = "Disabled"
  }
}
