variable "state" {
  type = string
}
