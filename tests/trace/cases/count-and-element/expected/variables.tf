variable "modes" {
  type    = list(string)
  default = ["Disabled", "Disabled"]
}
