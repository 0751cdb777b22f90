variable "root" {
  type    = bool
  default = false
}

variable "sandbox" {
  type    = string
  default = "true"
}
