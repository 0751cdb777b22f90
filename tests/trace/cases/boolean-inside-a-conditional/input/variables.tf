variable "root" {
  type    = bool
  default = true
}

variable "sandbox" {
  type    = string
  default = "true"
}
