variable "root" {
  type    = string
  default = "Disabled"
}
