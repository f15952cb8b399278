"""The screen: Qt Widgets over kapdesk. What is shown is a reading of the record; what is done is an intent."""
