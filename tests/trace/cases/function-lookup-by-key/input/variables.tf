variable "names" {
  type    = list(string)
  default = ["ads", "risk"]
}

variable "access" {
  type    = map(string)
  default = {
    ads = "Disabled"
  }
}
