owner = "ads"
root  = false
